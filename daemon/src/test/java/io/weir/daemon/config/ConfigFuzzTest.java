package io.weir.daemon.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import io.weir.core.config.Address;
import io.weir.core.config.BackendConfig;
import io.weir.core.config.ConfigValidator;
import io.weir.core.config.Findings;
import io.weir.core.config.HostPort;
import io.weir.core.config.ProxyConfig;
import io.weir.daemon.config.Loading.Broken;
import io.weir.daemon.config.Loading.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Configuration files, whatever their bytes: loaded, or refused with a place and a reason. */
class ConfigFuzzTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-06-01T00:00:00Z"));

  /** A folder without files, so that what an input names does not exist. */
  private static final Path NOWHERE = Path.of("/nonexistent/weir.yaml");

  @TestFactory
  Stream<DynamicTest> everyKnownInput() throws IOException {
    return Files.list(Path.of("src/test/fuzz/Config"))
        .sorted()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(), () -> fuzzerTestOneInput(Files.readAllBytes(file))));
  }

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, UTF_8);
    if (text.contains("file") || text.contains("include")) {
      return; // must not be able to read what is on this machine
    }
    ConfigLoader loader = new ConfigLoader(name -> null, ConfigFuzzTest::check);
    switch (loader.load(NOWHERE, text)) {
      case Broken broken -> {
        assertThat(broken.problems()).isNotEmpty();
        broken
            .problems()
            .forEach(problem -> assertThat(problem.message()).isNotBlank().doesNotContain("\n"));
      }
      case Loaded loaded -> assertThat(loaded.config()).isNotNull();
    }
  }

  /** As for users, but that nobody's names are asked for. */
  private static Findings check(ProxyConfig config) {
    Stream<Address> addresses =
        Stream.concat(
            config.listeners().values().stream().flatMap(listener -> listener.bind().stream()),
            config.pools().values().stream()
                .flatMap(pool -> pool.backends().stream())
                .map(BackendConfig::address));
    return addresses.anyMatch(ConfigFuzzTest::hasName)
        ? ConfigValidator.validate(config)
        : new DeepCheck(CLOCK).apply(config);
  }

  private static boolean hasName(Address address) {
    return address instanceof HostPort(String host, int port)
        && NetUtil.createByteArrayFromIpAddressString(host) == null;
  }
}
