# libtaxon-comm: a shim over MPI, which is opened at run time: neither MPI nor its headers are needed here.
file(GLOB COMM_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/comm/*.cpp)
add_library(taxon-comm SHARED ${COMM_SOURCES})
target_include_directories(taxon-comm PRIVATE include)
target_compile_options(taxon-comm PRIVATE -Wall -Wextra -Werror -march=x86-64-v3)
target_link_libraries(taxon-comm PRIVATE ${CMAKE_DL_LIBS})
target_link_options(taxon-comm PRIVATE -Wl,-z,defs)
set_target_properties(taxon-comm PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${OUTPUT_DIR})
