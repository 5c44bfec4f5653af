"""A peer of scripts/bench.py: ONNX Runtime, inference. Usage: onnx_steps.py WORKLOAD FILE.onnx THREADS"""
import sys

import onnxruntime

import turns
import workloads


def main():
    key, file, threads = sys.argv[1:]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(threads)
    session = onnxruntime.InferenceSession(file, options, providers=['CPUExecutionProvider'])
    x = {session.get_inputs()[0].name: workloads.images(workloads.WORKLOADS[key].shape)}
    turns.serve(f'ONNX Runtime {onnxruntime.__version__}', session.run(None, x)[0].ravel()[:8].tolist(),
                lambda: session.run(None, x))


main()
