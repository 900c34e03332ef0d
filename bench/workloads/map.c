/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One of libpmemobj's example maps: N keys inserted, looked up, half of them removed. */
#include <libpmemobj.h>

#include "map.h"
#include "map_btree.h"
#include "map_ctree.h"
#include "map_hashmap_atomic.h"
#include "map_hashmap_tx.h"
#include "map_rbtree.h"
#include "map_skiplist.h"
#include "workload.h"

POBJ_LAYOUT_BEGIN(bench);
POBJ_LAYOUT_ROOT(bench, struct root);
POBJ_LAYOUT_END(bench);
struct root {
  TOID(struct map) map;
};

static const struct map_ops* ops_of(const char* name) {
  const struct {
    const char* name;
    const struct map_ops* ops;
  } all[] = {{"btree", MAP_BTREE},
             {"ctree", MAP_CTREE},
             {"rbtree", MAP_RBTREE},
             {"hashmap_tx", MAP_HASHMAP_TX},
             {"hashmap_atomic", MAP_HASHMAP_ATOMIC},
             {"skiplist", MAP_SKIPLIST}};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
    if (strcmp(all[i].name, name) == 0) return all[i].ops;
  fail(name);
  return NULL;
}

/* The modulus is prime, so no key occurs twice. */
static uint64_t key(size_t i) {
  return i * 2654435761u % 1000000007u;
}

int main(int argc, char** argv) {
  const struct map_ops* ops = ops_of(argc > 1 ? argv[1] : "btree");
  size_t n = number(argc, argv, 2, 8000);
  PMEMobjpool* pool = pmemobj_create("pool", POBJ_LAYOUT_NAME(bench), 256 << 20, 0600);
  if (pool == NULL) fail("pmemobj_create");
  struct map_ctx* ctx = map_ctx_init(ops, pool);
  TOID(struct root) root = POBJ_ROOT(pool, struct root);
  if (ctx == NULL || map_create(ctx, &D_RW(root)->map, NULL) != 0) fail("map_create");
  for (size_t i = 1; i <= n; i++)
    if (map_insert(ctx, D_RO(root)->map, key(i), root.oid) != 0) fail("map_insert");
  for (size_t i = 1; i <= n; i++)
    if (map_lookup(ctx, D_RO(root)->map, key(i)) != 1) fail("map_lookup");
  for (size_t i = 1; i <= n / 2; i++) map_remove(ctx, D_RO(root)->map, key(i));
  map_ctx_free(ctx);
  pmemobj_close(pool);
  return 0;
}
