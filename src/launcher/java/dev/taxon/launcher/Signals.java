package dev.taxon.launcher;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Passes signals on to a child process, so that it ends in its own way and this JVM outlives it. Reflection: the
 * signal classes are no part of Java 8's API, though every JVM that we meet has them.
 */
final class Signals {
    private Signals() {}

    /**
     * SIGTERM goes to the child as SIGTERM. SIGINT and SIGHUP that come from a terminal reach its whole process group,
     * hence the child too; without a terminal they are sent on.
     */
    static void forwardTo(Process child) {
        boolean terminal = System.console() != null;
        handle("TERM", child::destroy);
        handle("INT", terminal ? () -> {} : () -> send("INT", child));
        handle("HUP", terminal ? () -> {} : () -> send("HUP", child));
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler call = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    action.run();
                    return null;
                }
                // SignalHandler is an interface with constants; Object's methods are all that is left.
                return method.getName().equals("hashCode")
                        ? (Object) System.identityHashCode(action)
                        : method.getName().equals("equals") ? (Object) (proxy == arguments[0]) : "signal " + name;
            };
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, call);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException | RuntimeException notThisPlatform) {
            // A signal that this platform lacks (HUP on Windows) or that the user kept for himself (-Xrs).
        }
    }

    private static void send(String name, Process child) {
        try {
            Method pid = Process.class.getMethod("pid");
            new ProcessBuilder("kill", "-" + name, String.valueOf(pid.invoke(child)))
                    .inheritIO()
                    .start();
        } catch (ReflectiveOperationException | IOException olderThanJava9) {
            child.destroy();
        }
    }
}
