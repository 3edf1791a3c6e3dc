# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later

# commresolve_library(NAME SOURCES a.cc ... DEPS target ...): a static library commresolve_NAME.
# The repository root is on the quote include path only: with -I, a file of ours under grpc/ could
# shadow gRPC's own headers.
function(commresolve_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(commresolve_${name} STATIC ${ARG_SOURCES})
  add_library(commresolve::${name} ALIAS commresolve_${name})
  target_compile_options(commresolve_${name} PUBLIC -iquote ${PROJECT_SOURCE_DIR})
  target_link_libraries(commresolve_${name} PUBLIC ${ARG_DEPS} PRIVATE commresolve_warnings)
endfunction()

# commresolve_test(NAME SOURCES a_test.cc ... DEPS target ... [LABELS label ...]): a GoogleTest program
# whose every case is a ctest of its own.
function(commresolve_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LABELS" ${ARGN})
  add_executable(${name}_test ${ARG_SOURCES})
  set_target_properties(${name}_test PROPERTIES COMMRESOLVE_UNOPTIMISED ON)
  target_precompile_headers(${name}_test REUSE_FROM commresolve_test_headers)
  target_compile_definitions(${name}_test PRIVATE
    COMMRESOLVE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    COMMRESOLVE_CORPUS_DIR="${COMMRESOLVE_CORPUS_DIR}")
  target_link_libraries(${name}_test PRIVATE ${ARG_DEPS} GTest::gtest_main
                                             commresolve_test_options)
  gtest_discover_tests(${name}_test TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60
                       PROPERTIES LABELS unit)
  if(ARG_LABELS)
    # gtest_discover_tests() drops all but the first label, so ctest reads them from a file of ours.
    set(labels_file ${CMAKE_CURRENT_BINARY_DIR}/${name}_labels.cmake)
    file(GENERATE OUTPUT ${labels_file} CONTENT
"foreach(test IN LISTS ${name}_test_TESTS)
  set_tests_properties(\"\${test}\" PROPERTIES LABELS \"unit;${ARG_LABELS}\")
endforeach()
")
    set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${labels_file})
  endif()
endfunction()

# commresolve_fuzzer(NAME SOURCES x_fuzz.cc DEPS target ... CORPUS dir): with COMMRESOLVE_FUZZ a libFuzzer
# program NAME_fuzz, and a file fuzzers/NAME in the build folder that names the program and its corpus;
# otherwise a ctest that replays the corpus through the same entry point.
if(COMMRESOLVE_FUZZ)
  add_custom_target(fuzzers)
endif()
function(commresolve_fuzzer name)
  cmake_parse_arguments(ARG "" "CORPUS" "SOURCES;DEPS" ${ARGN})
  if(COMMRESOLVE_FUZZ)
    add_executable(${name}_fuzz ${ARG_SOURCES})
    target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
    target_compile_options(${name}_fuzz PRIVATE -iquote ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name}_fuzz PRIVATE ${ARG_DEPS})
    add_dependencies(fuzzers ${name}_fuzz)
    file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/fuzzers/${name}
         CONTENT "$<TARGET_FILE:${name}_fuzz>\n${ARG_CORPUS}\n")
  else()
    add_executable(${name}_replay ${ARG_SOURCES} ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cc)
    target_compile_options(${name}_replay PRIVATE -iquote ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name}_replay PRIVATE ${ARG_DEPS} commresolve_warnings)
    add_test(NAME fuzz_corpus.${name} COMMAND ${name}_replay ${ARG_CORPUS})
    set_tests_properties(fuzz_corpus.${name} PROPERTIES LABELS "fuzz-corpus" TIMEOUT 120)
  endif()
endfunction()
