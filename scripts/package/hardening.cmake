# What compilers, linkers and the C library can do against the misuse of a bug in memory,
# for optimized builds without sanitizers: checked calls and stacks, and a program whose
# addresses differ at each start and whose tables are read-only. A flag that this compiler,
# linker or processor does not know is left out.
include(CheckCCompilerFlag)
include(CheckCSourceCompiles)
include(CheckLinkerFlag)

set(optimized "$<CONFIG:Release,RelWithDebInfo,MinSizeRel>")

# A flag that is ignored with a warning counts as unknown.
function(harden_compiler name)
  set(CMAKE_REQUIRED_FLAGS -Werror)
  check_c_compiler_flag("${ARGN}" IVS_LOCAL_HAS_${name})
  if(IVS_LOCAL_HAS_${name})
    target_compile_options(build_flags INTERFACE "$<${optimized}:${ARGN}>")
  endif()
endfunction()

function(harden_linker name flag)
  check_linker_flag(C ${flag} IVS_LOCAL_HAS_${name})
  if(IVS_LOCAL_HAS_${name})
    target_link_options(build_flags INTERFACE "$<${optimized}:${flag}>")
  endif()
endfunction()

harden_compiler(PIE -fPIE)
harden_compiler(STACK_PROTECTOR -fstack-protector-strong)
harden_compiler(STACK_CLASH_PROTECTION -fstack-clash-protection)
harden_compiler(CF_PROTECTION -fcf-protection=full)
harden_compiler(BRANCH_PROTECTION -mbranch-protection=standard)
harden_linker(LINK_PIE -pie)
harden_linker(RELRO -Wl,-z,relro)
harden_linker(NOW -Wl,-z,now)
harden_linker(NOEXECSTACK -Wl,-z,noexecstack)

# Level 3 also checks buffers whose size is known only at run time; a compiler or library
# that does not have it says so in a warning. Some compilers define a level themselves.
set(CMAKE_REQUIRED_FLAGS "-O2 -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
check_c_source_compiles("#include <string.h>\nint main(void) { return (int)strlen(\"\"); }"
  IVS_LOCAL_HAS_FORTIFY_3)
unset(CMAKE_REQUIRED_FLAGS)
set(fortify 2)
if(IVS_LOCAL_HAS_FORTIFY_3)
  set(fortify 3)
endif()
target_compile_options(build_flags INTERFACE
  "$<${optimized}:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=${fortify}>")
