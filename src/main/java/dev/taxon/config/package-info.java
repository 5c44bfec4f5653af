@NullMarked
package dev.taxon.config;

import org.jspecify.annotations.NullMarked;
