package io.weir.core.config;

/**
 * One address of a pool.
 *
 * @param weight share of the requests relative to the others, 1 to 256
 * @param backup used only while no other backend of the pool is available
 */
public record BackendConfig(Address address, int weight, boolean backup) {
  public BackendConfig {
    if (address instanceof HostPort(String host, int port)) {
      Check.that(
          !host.isEmpty(), "address: \"" + address + "\" (expected: a host before the port)");
      Check.that(port > 0, "address: \"" + address + "\" (expected: a port from 1 to 65535)");
    }
    Check.range("weight", weight, 1, 256);
  }
}
