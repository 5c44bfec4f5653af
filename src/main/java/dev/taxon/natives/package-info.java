/** Native libraries of the jar: extracted once, checked, loaded, and their functions bound by FFM. */
@NullMarked
package dev.taxon.natives;

import org.jspecify.annotations.NullMarked;
