// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/interrupts.h"

#include "pmemcheck/base/check.h"

namespace pmemcheck::explore {

namespace {

constinit volatile std::sig_atomic_t g_have_come = 0;
constinit bool g_is_noting = false;  // whether an Interrupts object lives

void take_note(int) {
  g_have_come = 1;
}

}  // namespace

Interrupts::Interrupts() {
  PM_CHECK(!g_is_noting);
  g_is_noting = true;
  g_have_come = 0;
  struct sigaction action = {};
  action.sa_handler = take_note;
  sigaction(SIGINT, &action, &old_int_);
  sigaction(SIGTERM, &action, &old_term_);
}

Interrupts::~Interrupts() {
  sigaction(SIGINT, &old_int_, nullptr);
  sigaction(SIGTERM, &old_term_, nullptr);
  g_is_noting = false;
}

bool Interrupts::have_come() {
  return g_have_come != 0;
}

}  // namespace pmemcheck::explore
