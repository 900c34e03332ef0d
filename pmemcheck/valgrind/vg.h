// vg.h: includes Valgrind's public tool interface in a form that C++ accepts.
//
// Floor 4.  The only place that names Valgrind's headers.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

// From 3.27 on a header uses this keyword of C.
#define _Static_assert static_assert

#include "pub_tool_basics.h"
// Has a C++ template, which is not allowed in an extern "C" block.
#include "pub_tool_vki.h"

extern "C" {
#include "pub_tool_aspacemgr.h"
#include "pub_tool_clientstate.h"
#include "pub_tool_clreq.h"
#include "pub_tool_debuginfo.h"
#include "pub_tool_errormgr.h"
#include "pub_tool_execontext.h"
#include "pub_tool_gdbserver.h"
#include "pub_tool_libcassert.h"
#include "pub_tool_libcbase.h"
#include "pub_tool_libcfile.h"
#include "pub_tool_libcprint.h"
#include "pub_tool_libcproc.h"
#include "pub_tool_machine.h"
#include "pub_tool_mallocfree.h"
#include "pub_tool_options.h"
#include "pub_tool_stacktrace.h"
#include "pub_tool_threadstate.h"
#include "pub_tool_tooliface.h"
#include "pub_tool_vkiscnums.h"
#include "pub_tool_xarray.h"

#include "libvex_guest_amd64.h"
}
