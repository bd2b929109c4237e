// Two systems at a time are enough for a machine.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
[assembly: TestCollectionOrderer("OrderSample.EndToEnd.Tests.LongestFirst", "OrderSample.EndToEnd.Tests")]
