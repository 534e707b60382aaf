"""spark-submit entry: the stage 'benchmark' of a configuration."""

from lead_engine.pipeline.job import main

if __name__ == "__main__":
    main(stage="benchmark")
