# Each target is one command that you can type yourself.
.PHONY: help build test test-slow run bench gpu-bundle fmt fmt-check size clean

help:       ; @grep -E '^[a-z-]+:' Makefile | cut -d: -f1 | grep -v help
build:      ; mvn -B -q package -DskipTests
test:       ; mvn -B verify
test-slow:  ; mvn -B verify -Pslow
run:        ; scripts/quickstart.sh
bench:      ; java -jar target/benchmarks.jar
gpu-bundle: ; mvn -B -q package -DskipTests -Pgpu-bundle && scripts/gpu-bundle.sh $(MNIST)
fmt:        ; JAVA_HOME=$$(scripts/java25.sh) mvn -B -q -Pfmt spotless:apply
fmt-check:  ; JAVA_HOME=$$(scripts/java25.sh) mvn -B -q -Pfmt spotless:check
size:       ; @git ls-files '*.java' '*.cpp' '*.h' '*.py' '*.sh' | xargs wc -l | sort -rn | head -25
clean:      ; mvn -B -q clean
