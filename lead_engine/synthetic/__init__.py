"""An invented network of claims, written as deliveries look, so that every stage can be shown without anybody's data."""
