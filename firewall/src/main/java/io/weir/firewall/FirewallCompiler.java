package io.weir.firewall;

import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Turns what the user meant into what workers ask, or says everything that is wrong with it. */
@SuppressWarnings("DoNotCallSuggester")
public final class FirewallCompiler {
  private FirewallCompiler() {}

  /**
   * Compiles.
   *
   * @param listenerNames in the order in which {@link RequestView#listener} numbers them
   * @param previous whose limits are taken over where rule name and key are the same
   * @param random for the secret keys of hashes; must not be predictable
   */
  public static Compilation compile(
      FirewallConfig config,
      Set<String> listenerNames,
      @Nullable Firewall previous,
      RandomGenerator random) {
    throw new UnsupportedOperationException();
  }
}
