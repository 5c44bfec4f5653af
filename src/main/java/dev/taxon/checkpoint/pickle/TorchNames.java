package dev.taxon.checkpoint.pickle;

import dev.taxon.checkpoint.pickle.Draft.Constant;
import dev.taxon.checkpoint.pickle.Draft.ElementType;
import dev.taxon.checkpoint.pickle.Draft.Function;
import dev.taxon.checkpoint.pickle.Draft.StorageRef;
import dev.taxon.checkpoint.pickle.Draft.StorageType;
import dev.taxon.checkpoint.pickle.Draft.TensorRef;
import dev.taxon.tensor.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tensors, parameters and storages as torch.save names them, back to PyTorch 0.3. */
final class TorchNames {
    static final Map<String, Draft> ALL = all();

    private static final int MAX_RANK = 64;

    private TorchNames() {}

    private static Map<String, Draft> all() {
        Map<String, Draft> names = new HashMap<>();
        Map<String, DType> storages = Map.of(
                "Float", DType.FLOAT32,
                "Double", DType.FLOAT64,
                "Half", DType.FLOAT16,
                "BFloat16", DType.BFLOAT16,
                "Long", DType.INT64,
                "Int", DType.INT32,
                "Short", DType.INT16,
                "Char", DType.INT8,
                "Byte", DType.UINT8,
                "Bool", DType.BOOL);
        storages.forEach((name, dtype) -> {
            names.put("torch." + name + "Storage", new StorageType(dtype));
            names.put("torch.cuda." + name + "Storage", new StorageType(dtype));
        });
        names.put("torch.UntypedStorage", new StorageType(DType.UINT8));
        names.put("torch.storage.UntypedStorage", new StorageType(DType.UINT8));
        for (DType dtype : DType.values()) {
            String name = "torch." + dtype.name().toLowerCase(Locale.ROOT);
            names.put(name, new ElementType(name, dtype));
        }
        names.put("torch._utils._rebuild_tensor", new Function("_rebuild_tensor", TorchNames::tensor));
        names.put("torch._utils._rebuild_tensor_v2", new Function("_rebuild_tensor_v2", TorchNames::tensor));
        names.put("torch._utils._rebuild_tensor_v3", new Function("_rebuild_tensor_v3", TorchNames::tensorV3));
        names.put("torch._utils._rebuild_parameter", new Function("_rebuild_parameter", TorchNames::parameter));
        names.put(
                "torch._utils._rebuild_parameter_with_state",
                new Function("_rebuild_parameter_with_state", TorchNames::parameter));
        names.put("torch._tensor._rebuild_from_type_v2", new Function("_rebuild_from_type_v2", TorchNames::fromType));
        names.put("torch.Size", new Function("torch.Size", args -> new Tuple(args.extents(0))));
        names.put("torch.device", new Function("torch.device", args -> args.text(0)));
        names.put("torch.Tensor", new Constant("torch.Tensor"));
        names.put("torch.nn.parameter.Parameter", new Constant("torch.nn.parameter.Parameter"));
        return Map.copyOf(names);
    }

    /** The persistent id ('storage', class, key, location, numel[, view]) of torch.save. */
    static StorageRef storage(Args id) {
        if (!id.text(0).equals("storage")) {
            throw id.wrong("the kind " + id.text(0));
        }
        long viewOffset = 0;
        if (id.size() > 5 && id.any(5) instanceof List<?> view) {
            viewOffset = id.inner("a storage view", view).integer(1);
        }
        long numel = id.integer(4);
        if (numel < 0 || numel > Long.MAX_VALUE / Double.BYTES || viewOffset < 0 || viewOffset > numel) {
            throw id.wrong("a size of " + numel);
        }
        return new StorageRef(id.text(2), id.as(1, StorageType.class).dtype(), numel, viewOffset);
    }

    /** _rebuild_tensor(storage, offset, size, stride) and v2, whose further arguments do not matter here. */
    private static TensorRef tensor(Args args) {
        StorageRef storage = args.as(0, StorageRef.class);
        return checked(args, storage, storage.dtype());
    }

    /** _rebuild_tensor_v3(storage, offset, size, stride, requires_grad, hooks, dtype): an untyped storage. */
    private static TensorRef tensorV3(Args args) {
        return checked(
                args,
                args.as(0, StorageRef.class),
                args.as(6, ElementType.class).dtype());
    }

    private static TensorRef checked(Args args, StorageRef storage, DType dtype) {
        List<Long> shape = args.extents(2);
        List<Long> stride = args.extents(3);
        long offset = args.integer(1);
        if (shape.size() != stride.size() || shape.size() > MAX_RANK || offset < 0) {
            throw args.wrong("size " + shape + ", stride " + stride + " and offset " + offset);
        }
        try {
            long numel = 1;
            long last = Math.addExact(offset, storage.viewOffset());
            for (int i = 0; i < shape.size(); i++) {
                numel = Math.multiplyExact(numel, shape.get(i));
                last = Math.addExact(last, Math.multiplyExact(Math.max(shape.get(i) - 1, 0), stride.get(i)));
            }
            long bytes = Math.multiplyExact(storage.numel(), storage.dtype().bytes());
            Math.multiplyExact(numel, Double.BYTES);
            if (numel > 0 && last >= bytes / dtype.bytes()) {
                throw args.wrong("size " + shape + ", stride " + stride + " and offset " + offset + " over "
                        + bytes / dtype.bytes() + " elements");
            }
        } catch (ArithmeticException e) {
            throw args.wrong("size " + shape + " and stride " + stride);
        }
        return new TensorRef(storage, dtype, offset, shape, stride);
    }

    /** _rebuild_parameter(data, requires_grad, hooks[, state]). */
    private static TensorRef parameter(Args args) {
        return args.as(0, TensorRef.class);
    }

    /** _rebuild_from_type_v2(function, type, arguments, state): a tensor with Python attributes, which are dropped. */
    private static TensorRef fromType(Args args) {
        Function function = args.as(0, Function.class);
        if (function.name().equals("_rebuild_from_type_v2")) {
            throw args.wrong("itself as the function"); // so that nested arguments cannot exhaust the stack
        }
        Object made = function.call().apply(args.inner(function.name(), args.as(2, List.class)));
        if (made instanceof TensorRef tensor) {
            return tensor;
        }
        throw args.wrong("a function that makes no tensor");
    }
}
