package io.weir.daemon.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.weir.core.listener.Listeners;
import io.weir.core.listener.SocketFile;
import io.weir.core.worker.Clock;
import io.weir.core.worker.Worker;
import io.weir.core.worker.Workers;
import java.time.Instant;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may not know whom: the table in docs/architecture.md. */
class ArchitectureTest {
  private static final String[] DATA_PLANE = {
    "io.weir.core.http..",
    "io.weir.core.http1..",
    "io.weir.core.http2..",
    "io.weir.core.answer..",
    "io.weir.core.edit..",
    "io.weir.core.exchange..",
    "io.weir.core.tcp..",
    "io.weir.core.route..",
    "io.weir.core.upstream..",
    "io.weir.core.balance..",
    "io.weir.core.listener..",
    "io.weir.core.worker..",
    "io.weir.core.snapshot..",
    "io.weir.core.meter.."
  };

  private static JavaClasses weir;

  @BeforeAll
  static void read() {
    weir =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.weir");
  }

  @Test
  void leavesKnowNobody() {
    noClasses()
        .that()
        .resideInAnyPackage("io.weir.metrics..", "io.weir.firewall..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..", "io.weir.core..", "io.weir.tls..", "io.weir.daemon..")
        .check(weir);
    noClasses()
        .that()
        .resideInAPackage("io.weir.metrics..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.weir.firewall..")
        .check(weir);
    noClasses()
        .that()
        .resideInAPackage("io.weir.firewall..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.weir.metrics..")
        .check(weir);
    noClasses()
        .that()
        .resideInAPackage("io.weir.tls..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.weir.core..", "io.weir.firewall..", "io.weir.metrics..", "io.weir.daemon..")
        .check(weir);
  }

  @Test
  void dataPlaneTouchesNoYamlAndNoFiles() {
    noClasses()
        .that()
        .resideInAPackage("io.weir.core..")
        .and()
        .doNotBelongToAnyOf(SocketFile.class) // the file that a Unix socket is
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.yaml..", "io.weir.daemon..", "java.nio.file..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.File")
        .check(weir);
  }

  @Test
  void requestPathKnowsNoConfigurationAndTakesNoLock() {
    noClasses()
        .that()
        .resideInAnyPackage(DATA_PLANE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.weir.core.config..", "java.util.concurrent.locks..")
        .check(weir);
  }

  @Test
  void onlyTheControlThreadWaits() {
    noClasses()
        .that()
        .resideInAnyPackage(DATA_PLANE)
        .and()
        .doNotBelongToAnyOf(Listeners.class, Workers.class)
        .should()
        .callMethodWhere(
            target(name("await"))
                .or(target(name("awaitUninterruptibly")))
                .or(target(name("sync")))
                .or(target(name("join")).and(target(owner(not(String.class)))))
                .or(target(name("sleep")).and(target(owner(assignable(Thread.class))))))
        .check(weir);
  }

  @Test
  void pureParts() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.weir.core.route..", "io.weir.core.balance..", "io.weir.core.config..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .check(weir);
  }

  @Test
  void timeComesFromTheClock() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(Clock.class)
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(weir);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.weir.daemon..")
        .should()
        .callMethod(Instant.class, "now")
        .check(weir);
  }

  @Test
  void luckComesFromTheWorker() {
    noClasses()
        .that()
        .resideInAnyPackage(DATA_PLANE)
        .and()
        .doNotBelongToAnyOf(Worker.class)
        .should()
        .callConstructor(Random.class)
        .orShould()
        .callConstructor(SplittableRandom.class)
        .check(weir);
  }

  @Test
  void noReflectionAndNoUnsafe() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.lang.reflect..")
                .or(
                    DescribedPredicate.describe(
                        "Unsafe", type -> type.getSimpleName().equals("Unsafe"))))
        .check(weir);
  }

  @Test
  void packagesFormNoCircle() {
    slices().matching("io.weir.(**)").should().beFreeOfCycles().check(weir);
  }

  private static DescribedPredicate<JavaClass> assignable(Class<?> type) {
    return JavaClass.Predicates.assignableTo(type);
  }

  private static DescribedPredicate<JavaClass> not(Class<?> type) {
    return DescribedPredicate.not(JavaClass.Predicates.equivalentTo(type));
  }
}
