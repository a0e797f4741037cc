package io.weir.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherIT {
  private static final Path LAUNCHER = Weir.TREE.resolve("bin/weir");

  @TempDir private Path folder;

  private Weir.Ended run(Path launcher, Map<String, String> environment, String... arguments) {
    try (Weir weir = Weir.start(launcher, folder, environment, arguments)) {
      return weir.ends();
    }
  }

  @Test
  void itStartsFromAnyFolderThroughALinkToALink() throws IOException {
    Path first = Files.createSymbolicLink(folder.resolve("first"), LAUNCHER);
    Path second = Files.createSymbolicLink(folder.resolve("second"), first.getFileName());
    Weir.Ended ended = run(second, Map.of(), "version");
    assertThat(ended.code()).isZero();
    assertThat(ended.stdout()).startsWith("weir ");
    assertThat(ended.stderr()).isEmpty();
  }

  @Test
  void aJavaHomeThatIsTooOldOrGoneIsPassedOver() throws IOException {
    Path old = Files.createDirectories(folder.resolve("old/bin"));
    Files.writeString(old.resolve("java"), "#!/bin/sh\nexit 42\n");
    assertThat(old.resolve("java").toFile().setExecutable(true)).isTrue();
    Files.writeString(old.resolveSibling("release"), "JAVA_VERSION=\"17.0.9\"\n");
    for (String home : new String[] {old.getParent().toString(), "/nowhere"}) {
      Weir.Ended ended = run(LAUNCHER, Map.of("JAVA_HOME", home), "version");
      assertThat(ended.code()).isZero();
      assertThat(ended.stderr()).isEmpty();
    }
  }

  @Test
  void aJavaHomeThatFitsIsTaken() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("mine/bin"));
    Files.writeString(bin.resolve("java"), "#!/bin/sh\necho \"mine $*\"\n");
    assertThat(bin.resolve("java").toFile().setExecutable(true)).isTrue();
    Files.writeString(bin.resolveSibling("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"26-ea\"\n");
    Weir.Ended ended =
        run(
            LAUNCHER,
            Map.of("JAVA_HOME", bin.getParent().toString(), "JAVA_OPTS", "-Done -Dtwo"),
            "run",
            "-c",
            "a file");
    assertThat(ended.stdout())
        .startsWith("mine ")
        .contains("-Xmx1g")
        .endsWith(" -Done -Dtwo -jar " + Weir.TREE.resolve("lib/weir.jar") + " run -c a file\n");
  }

  @Test
  void anotherCollectorInJavaOptsTakesThePlaceOfOurs() {
    Weir.Ended ended = run(LAUNCHER, Map.of("JAVA_OPTS", "-XX:+UseSerialGC -Xmx200m"), "version");
    assertThat(ended.code()).isZero();
    assertThat(ended.stderr()).isEmpty();
  }

  @Test
  void theCacheThatTheBuildTrainedFitsTheFlags() {
    // With AOTMode=on the JVM refuses to start when it cannot use the cache.
    Weir.Ended ended = run(LAUNCHER, Map.of("JAVA_OPTS", "-XX:AOTMode=on"), "version");
    assertThat(ended.code()).isZero();
    assertThat(ended.stderr()).isEmpty();
  }

  @Test
  void theProcessIsTheDaemonItself() throws IOException {
    try (Weir weir = Weir.start(folder, "demo", "--http", "0", "--https", "0", "--admin", "0")) {
      weir.admin();
      assertThat(Files.readString(Path.of("/proc", Long.toString(weir.pid()), "comm")))
          .isEqualTo("java\n");
    }
  }
}
