namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>The groups of experiments, named and in the order as in the handbook.</summary>
internal static class Hops
{
    /// <summary>A service hands messages to the broker.</summary>
    public const string DatabaseToBroker = "database → broker";

    /// <summary>The broker finds a queue.</summary>
    public const string Routing = "routing";

    /// <summary>The broker keeps it.</summary>
    public const string Broker = "broker";

    /// <summary>The broker hands it to a consumer.</summary>
    public const string BrokerToConsumer = "broker → consumer";

    /// <summary>The consumer works on it.</summary>
    public const string Consumer = "consumer";

    /// <summary>The saga decides.</summary>
    public const string Saga = "saga";

    /// <summary>All of it together.</summary>
    public const string WholeSystem = "whole system";

    /// <summary>Several nodes or replicas.</summary>
    public const string SeveralNodes = "several nodes";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [DatabaseToBroker, Routing, Broker, BrokerToConsumer, Consumer, Saga, WholeSystem, SeveralNodes];
}
