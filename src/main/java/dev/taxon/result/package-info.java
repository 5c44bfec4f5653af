/** Files of predictions and metrics, as {@code test --out} writes them and mmcls does. */
@NullMarked
package dev.taxon.result;

import org.jspecify.annotations.NullMarked;
