package io.weir.daemon.cli;

import io.netty.util.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What this program was built from and runs on.
 *
 * @param revision the commit, or {@code unknown}
 */
public record BuildInfo(String version, String revision) {
  /** As the build wrote it. */
  public static BuildInfo read() {
    Properties build = new Properties();
    try (InputStream in = BuildInfo.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("build.properties", e);
    }
    return new BuildInfo(
        build.getProperty("version", "unknown"), build.getProperty("revision", "unknown"));
  }

  public String java() {
    return System.getProperty("java.runtime.version") + " " + System.getProperty("java.vendor");
  }

  public String netty() {
    Version common = Version.identify().get("netty-common");
    return common == null ? "unknown" : common.artifactVersion();
  }
}
