package dev.taxon.profile;

import dev.taxon.device.Program.Span;
import dev.taxon.device.Roofline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A profile for programs. */
public final class ProfileJson {
    private static final double NANOS_PER_MICRO = 1e3;

    private ProfileJson() {}

    /** Everything, in SI units. */
    public static Map<String, Object> tree(Profile profile) {
        Map<String, Object> limits = new LinkedHashMap<>();
        limits.put("flops_per_second", profile.limits().flops());
        List<Object> bandwidths = new ArrayList<>();
        for (Roofline.Bandwidth b : profile.limits().bandwidths()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("bytes", b.bytes());
            one.put("bytes_per_second", b.bytesPerSecond());
            bandwidths.add(one);
        }
        limits.put("bandwidths", bandwidths);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("device", profile.about());
        tree.put("mode", profile.options().mode().name().toLowerCase(Locale.ROOT));
        tree.put("batch", profile.options().batch());
        tree.put("limits", limits);
        tree.put("step_seconds", profile.stepSeconds());
        tree.put("kernel_seconds", profile.kernelSeconds());
        tree.put("repetitions", profile.repetitions());
        tree.put(
                "kernels",
                profile.kernels().stream().map(k -> kernel(k, profile)).toList());
        List<Object> totals = new ArrayList<>();
        for (Profile.Total t : profile.totals()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("work", t.kind());
            one.put("kernels", t.kernels());
            one.put("seconds", t.seconds());
            one.put("flops", t.operations());
            one.put("bytes", t.bytes());
            one.put("roofline_seconds", t.leastSeconds());
            totals.add(one);
        }
        tree.put("totals", totals);
        return tree;
    }

    private static Map<String, Object> kernel(KernelTime k, Profile profile) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("place", k.place());
        one.put("node", k.kernel().node());
        one.put("pass", Profile.pass(k));
        one.put("kind", k.kind());
        one.put("implementation", k.kernel().implementation());
        one.put("seconds", k.seconds());
        one.put("share", k.seconds() / profile.kernelSeconds());
        one.put("flops", k.operations());
        one.put("bytes", k.bytes());
        one.put("flops_per_second", k.flops());
        one.put("bytes_per_second", k.bytesPerSecond());
        one.put("of_roofline", k.ofRoofline(profile.limits()));
        return one;
    }

    /**
     * The last repetition in the Trace Event Format of Chromium, which chrome://tracing and ui.perfetto.dev open: complete
     * events ({@code "ph": "X"}), times in microseconds.
     */
    public static Map<String, Object> chromeTrace(Profile profile) {
        List<Object> events = new ArrayList<>();
        events.add(name("process_name", "Taxon: " + profile.about()));
        events.add(name("thread_name", "kernels"));
        long begin = profile.spans().isEmpty() ? 0 : profile.spans().getFirst().start();
        for (int i = 0; i < profile.spans().size(); i++) {
            Span span = profile.spans().get(i);
            KernelTime time = profile.kernels().get(i);
            Map<String, Object> event = new LinkedHashMap<>();
            event.put("name", ProfileTable.shortName(span.kernel().node()));
            event.put("cat", Profile.pass(time));
            event.put("ph", "X");
            event.put("ts", (span.start() - begin) / NANOS_PER_MICRO);
            event.put("dur", span.nanos() / NANOS_PER_MICRO);
            event.put("pid", 1);
            event.put("tid", 1);
            event.put("args", kernel(time, profile));
            events.add(event);
        }
        Map<String, Object> trace = new LinkedHashMap<>();
        trace.put("traceEvents", events);
        trace.put("displayTimeUnit", "ms");
        return trace;
    }

    private static Map<String, Object> name(String what, String text) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("name", what);
        event.put("ph", "M");
        event.put("pid", 1);
        event.put("tid", 1);
        event.put("args", Map.of("name", text));
        return event;
    }
}
