package dev.taxon.checkpoint.hub;

import dev.taxon.UserError;
import dev.taxon.config.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Model zoos whose files have names: {@code torchvision://resnet50}. The tables are those of mmcv 1.7 and torchvision 0.14. */
enum Zoo {
    TORCHVISION("torchvision.txt", "torchvision://", "modelzoo://"),
    MMCLS("mmcls.txt", "mmcls://", "mmcls://"),
    OPEN_MMLAB("open-mmlab.txt", "open-mmlab://", "openmmlab://");

    private final String table;
    private final String scheme;
    private final String alias;

    Zoo(String table, String scheme, String alias) {
        this.table = table;
        this.scheme = scheme;
        this.alias = alias;
    }

    /** The address behind a zoo's name; empty if {@code name} names no zoo. @throws UserError if the zoo lacks it */
    static Optional<String> address(String name) {
        for (Zoo zoo : values()) {
            for (String scheme : List.of(zoo.scheme, zoo.alias)) {
                if (name.startsWith(scheme)) {
                    return Optional.of(zoo.find(name.substring(scheme.length())));
                }
            }
        }
        return Optional.empty();
    }

    private String find(String model) {
        // mmcv takes torchvision's ResNet50_Weights.IMAGENET1K_V1, too
        String key = this == TORCHVISION ? model.toLowerCase(Locale.ROOT).replace("_weights", "") : model;
        Map<String, String> addresses = addresses();
        String address = addresses.get(key);
        if (address == null) {
            throw UserError.of(
                    "%s%s is no name that Taxon knows; %s", scheme, model, Nearest.suggestion(key, addresses.keySet()));
        }
        return address;
    }

    /** Addresses by name, in the order of the table. */
    Map<String, String> addresses() {
        Map<String, String> addresses = new LinkedHashMap<>();
        try (InputStream in = Zoo.class.getResourceAsStream(table)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + table);
            }
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line ->
                            addresses.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Collections.unmodifiableMap(addresses);
    }
}
