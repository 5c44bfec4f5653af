#!/usr/bin/env bash
# The engine under mpirun: scripts/mpi_engine.sh RANKS COMMAND [options]. dist_train.sh and dist_test.sh call it.
#   HOSTS=node1:8,node2:8   machines, and ranks on each
#   MPIRUN_ARGS             more options for mpirun
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ranks=$1
shift
command -v mpirun >/dev/null || { echo "error: there is no mpirun; on Debian and Ubuntu: apt install openmpi-bin" >&2; exit 2; }
[ -f "$root/target/engine.jar" ] || { echo "error: $root/target/engine.jar is missing; build it: mvn -B package -DskipTests" >&2; exit 2; }
# Ctrl-C: Open MPI sends SIGCONT, waits so many seconds, sends SIGTERM, and waits as many again before it kills: time for the iteration
# under way and its checkpoint. Not long, since it reads no output meanwhile. MPICH has no such limits.
export OMPI_MCA_odls_base_sigkill_timeout=${OMPI_MCA_odls_base_sigkill_timeout:-3}
if [ "$(id -u)" = 0 ]; then # as in containers
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
options=(-n "$ranks")
if mpirun --version | grep -q 'Open MPI'; then
    options+=(--bind-to none --oversubscribe) # the ranks of a machine share its cores out by themselves
fi
[ -z "${HOSTS:-}" ] || options+=(--host "$HOSTS")
# shellcheck disable=SC2206 # several words
options+=(${MPIRUN_ARGS:-})
exec mpirun "${options[@]}" java -jar "$root/target/engine.jar" "$@"
