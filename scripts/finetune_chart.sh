#!/usr/bin/env bash
# Repeats the runs of docs/finetune.md, three seeds from CIFAR-10's weights and three from scratch, and draws their validation
# accuracy. About six minutes on two idle cores.
#
# usage: scripts/finetune_chart.sh OUT.png ENGINE…      such as: … docs/finetune.png java -jar target/engine.jar
#        SEEDS="0 1 2"; OPTIONS="runner.max_epochs=2" in the environment are more --cfg-options
#
# Needs data/hymenoptera_data and weights/resnet20-12fca82f.th: docs/finetune.md says where they are from.
set -euo pipefail
[ $# -ge 2 ] || { sed -n 2,9p "$0"; exit 2; }
out=$1; shift
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
logs=(); names=()
for start in weights scratch; do
  for seed in ${SEEDS:-0 1 2}; do
    from=(); [ "$start" = scratch ] && from=(load_from=None)
    # start=0 evaluates what the run begins with, too
    "$@" train configs/resnet/resnet20_hymenoptera.py --seed "$seed" --work-dir "$work/$start$seed" \
      --cfg-options evaluation.start=0 "${from[@]}" ${OPTIONS:-} >"$work/out" 2>&1 || { tail -5 "$work/out"; exit 1; }
    logs+=("$work/$start$seed"/*.log.json)
    [ "$start" = weights ] && names+=("from CIFAR-10 weights, seed $seed") || names+=("from scratch, seed $seed")
    echo "${names[-1]}: $(grep -o 'accuracy_top-1: [0-9.]*' "$work/out" | sed -n '1p;$p' | paste -sd' ')"
  done
done
"$@" plot "${logs[@]}" --keys accuracy_top-1 --legend "${names[@]}" --window-size '8*5' \
  --title 'Ants or bees: ResNet-20 at 32x32, 244 training images' --out "$out"
