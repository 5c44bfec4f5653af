package dev.taxon.report;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VersionTest {
    @Test
    void lineNamesTaxonJavaAndTheSystem() {
        String line = Version.current().line();
        assertTrue(line.matches("Taxon \\d+\\.\\d+\\.\\d+\\S*, Java 2[5-9]\\S* \\(.+\\), \\S+ .+"), line);
    }
}
