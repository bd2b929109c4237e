// Three collections, each with servers of its own. Their tests mostly wait.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]

namespace OrderSample.Messaging.Tests.Running;

/// <summary>Tests that stop the broker, or have it in alarm.</summary>
[CollectionDefinition(Name)]
public sealed class StoppedServersCollection : ICollectionFixture<TestServers>
{
    public const string Name = "servers that are stopped";
}

/// <summary>Tests that stop it for longer.</summary>
[CollectionDefinition(Name)]
public sealed class LongStoppedServersCollection : ICollectionFixture<TestServers>
{
    public const string Name = "servers that are stopped for long";
}
