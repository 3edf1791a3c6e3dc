# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later

commresolve_find(Protobuf "libprotobuf-dev protobuf-compiler" )
commresolve_find(gRPC "libgrpc++-dev protobuf-compiler-grpc" CONFIG)

# commresolve_proto(NAME ROOT dir FILES a.proto ...): a static library commresolve_NAME of the messages
# and services in FILES (relative to ROOT). The generated code is a system header to everybody else, so that
# its warnings are its own.
function(commresolve_proto name)
  cmake_parse_arguments(ARG "" "ROOT" "FILES" ${ARGN})
  set(out ${CMAKE_CURRENT_BINARY_DIR}/generated)
  file(MAKE_DIRECTORY ${out})
  set(sources "")
  foreach(file IN LISTS ARG_FILES)
    string(REGEX REPLACE "\\.proto$" "" stem ${file})
    set(made ${out}/${stem}.pb.cc ${out}/${stem}.pb.h ${out}/${stem}.grpc.pb.cc ${out}/${stem}.grpc.pb.h)
    add_custom_command(
      OUTPUT ${made}
      COMMAND protobuf::protoc -I ${ARG_ROOT} --cpp_out=${out} --grpc_out=${out}
              --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin> ${file}
      DEPENDS ${ARG_ROOT}/${file}
      WORKING_DIRECTORY ${ARG_ROOT}
      VERBATIM)
    list(APPEND sources ${made})
  endforeach()
  add_library(commresolve_${name} STATIC ${sources})
  target_include_directories(commresolve_${name} SYSTEM PUBLIC ${out})
  target_link_libraries(commresolve_${name} PUBLIC protobuf::libprotobuf gRPC::grpc++)
endfunction()
