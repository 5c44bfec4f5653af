# libtaxon-bench: oneDNN's own kernels for the work of ours, so that benchmarks can run one beside the other. Beside the classes, never in
# the engine's jar.
set(BENCH_DIR "${CMAKE_BINARY_DIR}/../bench" CACHE PATH "where the benchmarks' library goes")
add_library(taxon-bench SHARED bench/onednn.cpp)
target_include_directories(taxon-bench PRIVATE include)
target_compile_options(taxon-bench PRIVATE -Wall -Wextra -Werror -march=x86-64-v3)
target_link_libraries(taxon-bench PRIVATE dnnl)  # the JVM has loaded it already, beside libtaxon
target_link_options(taxon-bench PRIVATE -Wl,-z,defs -Wl,--as-needed)
set_target_properties(taxon-bench PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${BENCH_DIR} SKIP_BUILD_RPATH TRUE)
