#!/usr/bin/env bash
# Tries Taxon's GPU device on this host: which libraries are found, the contract test (every layer, forward and backward,
# against plain Java), and LeNet-5 on a part of MNIST. Writes report.md beside this file. TAXON_CUDA_PATH may name a folder
# with CUDA's libraries. The cpu device cannot run here: the bundle has no oneDNN.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

report=report.md
failed=0
note() { printf '%s\n' "$@" | tee -a $report; }
# Runs a command, shows its last lines in the report.
part() { # title, lines to keep, command …
    local title=$1 keep=$2
    shift 2
    note "" "## $title" "" '```'
    local started=$SECONDS
    "$@" > part.log 2>&1
    local status=$?
    tail -n "$keep" part.log | tee -a $report
    note '```' "" "exit status $status, $((SECONDS - started)) s"
    ((status == 0)) || failed=1
    rm -f part.log
}

: > $report
note "# Taxon on a GPU: report" "" "$(date -u +%FT%TZ), $(uname -sr), $(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null)"
command -v nvidia-smi > /dev/null && part "Driver" 20 nvidia-smi --query-gpu=name,driver_version,memory.total,compute_cap --format=csv
part "What Taxon finds" 30 ./taxon devices
part "Contract test" 60 env TAXON_TEST_GPU=1 runtime/bin/java --enable-native-access=ALL-UNNAMED -cp lib/junit.jar:lib/tests.jar:lib/taxon.jar \
    org.junit.platform.console.ConsoleLauncher execute --select-class dev.taxon.device.DeviceContractTest \
    --details tree --details-theme ascii --disable-banner --disable-ansi-colors
part "LeNet-5 on 6000 pictures of MNIST, 5 epochs" 12 ./taxon train configs/lenet/lenet5_mnist.py --device cuda --work-dir work_dirs/lenet5 \
    --cfg-options data.train.data_prefix=data/mnist data.val.data_prefix=data/mnist data.test.data_prefix=data/mnist
part "Its accuracy on 1000 others" 8 ./taxon test configs/lenet/lenet5_mnist.py work_dirs/lenet5/latest.pth --device cuda --metrics accuracy \
    --cfg-options data.test.data_prefix=data/mnist
part "The same in FP16" 12 ./taxon train configs/lenet/lenet5_mnist.py --device cuda --work-dir work_dirs/lenet5_fp16 \
    --cfg-options fp16.loss_scale=dynamic data.train.data_prefix=data/mnist data.val.data_prefix=data/mnist data.test.data_prefix=data/mnist
note "" "$( ((failed)) && echo 'Something failed: please send this file.' || echo 'All parts succeeded.')"
exit $failed
