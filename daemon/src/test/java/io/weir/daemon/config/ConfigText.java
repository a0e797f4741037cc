package io.weir.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.Findings;
import io.weir.core.config.ProxyConfig;
import io.weir.daemon.config.Loading.Broken;
import io.weir.daemon.config.Loading.Loaded;
import io.weir.daemon.problem.ProblemPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a class of tests extends that reads files from a folder; nothing is compiled unless a test
 * says so.
 */
abstract class ConfigText {
  static final String MINIMAL =
      """
      version: 1
      listeners:
        web: { bind: ":8080" }
      pools:
        app: { backends: [127.0.0.1:9001] }
      routes:
        - pool: app
      """;

  @TempDir Path folder;

  Loaded load(String text) {
    Loading loading = load(text, config -> Findings.NONE);
    assertThat(loading)
        .as(() ->
            loading instanceof Broken broken
                ? new ProblemPrinter(false).print(broken.problems())
                : "")
        .isInstanceOf(Loaded.class);
    return (Loaded) loading;
  }

  Loading load(String text, Function<ProxyConfig, Findings> check) {
    return new ConfigLoader(name -> null, check).load(folder.resolve("weir.yaml"), text);
  }

  void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
