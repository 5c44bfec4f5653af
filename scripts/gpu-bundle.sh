#!/usr/bin/env bash
# Packs target/taxon-gpu.tar.xz: all that a bare, offline Linux host with an NVIDIA driver, CUDA 12 libraries and cuDNN 9
# needs to try the GPU device with one command (scripts/gpu-bundle/run.sh): a Java runtime, the engine without oneDNN, the
# contract test, the configs, 6000 + 1000 pictures of MNIST. Run by `make gpu-bundle`, after the build.
# Argument: a folder with MNIST's four .gz files (default data/mnist, where scripts/quickstart.sh downloads them).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mnist=${1:-data/mnist}
bundle=target/taxon-gpu
jdk=$(scripts/java25.sh)
for file in target/engine.jar target/test-classes "$mnist/train-images-idx3-ubyte.gz"; do
    if [[ ! -e $file ]]; then
        echo "gpu-bundle: $file is missing: run 'make gpu-bundle' (MNIST=FOLDER names the folder of MNIST's .gz files)" >&2
        exit 2
    fi
done
runner=$(ls target/test-runner/junit-platform-console-standalone-*.jar)

rm -rf $bundle
mkdir -p $bundle/lib $bundle/data/mnist $bundle/unpacked

echo "Java runtime …"
"$jdk/bin/jlink" --add-modules java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,jdk.httpserver,jdk.unsupported \
    --strip-debug --no-header-files --no-man-pages --compress zip-0 --output $bundle/runtime
rm -f $bundle/runtime/lib/server/*.jsa

echo "Engine without oneDNN and the kernels that need it …"
(
    cd $bundle/unpacked
    "$jdk/bin/jar" xf ../../engine.jar
    rm -f native/linux-x86_64/libdnnl.so.3 native/linux-x86_64/libgomp.so.1 native/linux-x86_64/libtaxon-avx*.so
    sed -i '/^libdnnl\|^libgomp\|^libtaxon-avx/d' native/linux-x86_64/index.txt
    "$jdk/bin/jar" cfM ../lib/taxon.jar .
)
rm -rf $bundle/unpacked
"$jdk/bin/jar" cfM $bundle/lib/tests.jar -C target/test-classes dev
cp "$runner" $bundle/lib/junit.jar
cp -r configs $bundle/configs
cp scripts/gpu-bundle/run.sh scripts/gpu-bundle/taxon docs/gpu.md LICENSE NOTICE $bundle/
cp -r licenses $bundle/licenses

# IDX: a header of big-endian numbers, then the values.
subset() { # split, count, count as 4 bytes
    local out=$bundle/data/mnist
    { printf '\x00\x00\x08\x03%b\x00\x00\x00\x1c\x00\x00\x00\x1c' "$3"; gzip -dc "$mnist/$1-images-idx3-ubyte.gz" | tail -c +17 | head -c $(($2 * 784)); } > "$out/$1-images-idx3-ubyte"
    { printf '\x00\x00\x08\x01%b' "$3"; gzip -dc "$mnist/$1-labels-idx1-ubyte.gz" | tail -c +9 | head -c "$2"; } > "$out/$1-labels-idx1-ubyte"
}
set +o pipefail # head leaves before gzip has written all
subset train 6000 '\x00\x00\x17\x70'
subset t10k 1000 '\x00\x00\x03\xe8'
set -o pipefail

echo "Packing …"
tar -C target -cJf target/taxon-gpu.tar.xz taxon-gpu
size=$(stat -c %s target/taxon-gpu.tar.xz)
echo "target/taxon-gpu.tar.xz: $((size / 1048576)) MiB"
if ((size >= 50 * 1048576)); then
    echo "gpu-bundle: the archive should be below 50 MiB" >&2
    exit 1
fi
