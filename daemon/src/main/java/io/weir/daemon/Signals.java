package io.weir.daemon;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;

/**
 * What the daemon does when the system or the operator calls.
 *
 * <p>The JDK's module {@code jdk.unsupported} offers {@code sun.misc.Signal} and nothing else does;
 * but naming that class in a source file is a compiler warning that cannot be turned off, and here
 * warnings are errors. Hence by its name, once per signal, at the start.
 */
final class Signals {
  private Signals() {}

  /**
   * Runs the action at each signal, on a thread of the JVM's.
   *
   * @param name without SIG
   */
  @SuppressWarnings("IllegalThrows") // as method handles declare it
  static void on(String name, Runnable action) {
    try {
      Lookup lookup = MethodHandles.publicLookup();
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");

      MethodHandle run =
          lookup.findVirtual(Runnable.class, "run", MethodType.methodType(void.class));
      Object onSignal =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(run.bindTo(action), 0, signal));
      Object named =
          lookup
              .findConstructor(signal, MethodType.methodType(void.class, String.class))
              .invoke(name);
      lookup
          .findStatic(signal, "handle", MethodType.methodType(handler, signal, handler))
          .invoke(named, onSignal);
    } catch (Throwable e) {
      throw new IllegalStateException("SIG" + name + " cannot be handled", e);
    }
  }
}
