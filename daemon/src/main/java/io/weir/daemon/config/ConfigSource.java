package io.weir.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where the configuration comes from, each time that it is read. */
public interface ConfigSource {
  /** What the operator calls it. */
  String name();

  /** With everything that is wrong with it. */
  Loading load();

  /** For somebody who compiles it next, and hears then what only compiling shows. */
  Loading loadToCompile();

  /** The start of the SHA-256 of the main file, to tell two versions apart. */
  String hash();

  /** A file that is read anew each time. */
  static ConfigSource file(Path file) {
    return file(file, System::getenv);
  }

  /** A file that is read anew each time, in another environment than that of the process. */
  static ConfigSource file(Path file, Function<String, @Nullable String> environment) {
    return new ConfigSource() {
      @Override
      public String name() {
        return file.toString();
      }

      @Override
      public Loading load() {
        return loader(environment).load(file);
      }

      @Override
      public Loading loadToCompile() {
        return loader(environment).loadToCompile(file);
      }

      @Override
      public String hash() {
        try {
          return shortHash(Files.readAllBytes(file));
        } catch (IOException e) {
          return "unreadable";
        }
      }
    };
  }

  /** A loader that finds everything that starting would find, without starting. */
  static ConfigLoader loader(Function<String, @Nullable String> environment) {
    return new ConfigLoader(environment, new DeepCheck(InstantSource.system()));
  }

  static String shortHash(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
