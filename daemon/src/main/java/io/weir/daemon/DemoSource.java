package io.weir.daemon;

import io.weir.core.ConfigCheck;
import io.weir.daemon.config.ConfigLoader;
import io.weir.daemon.config.ConfigSource;
import io.weir.daemon.config.Loading;
import io.weir.daemon.watch.FileStamp;
import io.weir.tls.CertificatePem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The demo's configuration: a file in the jar, with ports and a certificate filled in. */
final class DemoSource implements ConfigSource {
  private static final String FILE = "demo.yaml";

  private final String text = read();
  private final CertificatePem certificate;
  private final Map<String, String> values;

  /**
   * @param values for the variables in the file
   */
  DemoSource(CertificatePem certificate, Map<String, String> values) {
    this.certificate = certificate;
    this.values = Map.copyOf(values);
  }

  @Override
  public String name() {
    return FILE;
  }

  @Override
  public String hash() {
    return ConfigSource.shortHash(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The certificate is in files only while it is read, so that nothing can be left behind. */
  @Override
  public Loading load() {
    try {
      Path folder = Files.createTempDirectory("weir-demo");
      Path pem = Files.writeString(folder.resolve("demo.pem"), certificate.certificate());
      Path key = Files.writeString(folder.resolve("demo.key"), certificate.key());
      try {
        Map<String, String> variables = new HashMap<>(values);
        variables.put("CERTIFICATE", pem.toString());
        variables.put("KEY", key.toString());
        return unwatched(
            new ConfigLoader(variables::get, ConfigCheck::check).load(Path.of(FILE), text));
      } finally {
        Files.delete(key);
        Files.delete(pem);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the demo's certificate cannot be kept in a file", e);
    }
  }

  /** Nobody must look whether its files change: they do not outlive this. */
  private Loading unwatched(Loading loading) {
    return loading instanceof Loading.Loaded loaded
        ? new Loading.Loaded(loaded.config(), loaded.warnings(), loaded.sources(), new Whole())
        : loading;
  }

  /** There are no files apart from it: read again, it is read as a whole. */
  private final class Whole implements Loading.Reading {
    @Override
    public Map<Path, FileStamp> files() {
      return Map.of();
    }

    @Override
    public Set<Path> filesFor(String path) {
      return Set.of();
    }

    @Override
    public Loading again(Set<Path> kept) {
      return load();
    }
  }

  /** It is too small to be worth a difference. */
  @Override
  public Loading loadToCompile() {
    return load();
  }

  private static String read() {
    try (InputStream in = DemoSource.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(FILE, e);
    }
  }
}
