using MassTransit.EntityFrameworkCoreIntegration.Audit;
using Microsoft.EntityFrameworkCore;

namespace MassTransit;

/// <summary>Keeps a copy of every message that the bus sends, publishes or consumes in a table.</summary>
public static class EntityFrameworkAuditStoreConfiguratorExtensions
{
    /// <summary>Audits the messages that a filter lets through.</summary>
    /// <param name="configurator">The bus.</param>
    /// <param name="dbContextOptions">Options of the DbContext, the connection among them.</param>
    /// <param name="auditTableName">The table; it has to exist.</param>
    /// <param name="auditTableSchema">Its schema; null: the connection's default.</param>
    /// <param name="configureFilter">Says which messages are kept.</param>
    public static void UseEntityFrameworkCoreAuditStore(this IBusFactoryConfigurator configurator, DbContextOptionsBuilder dbContextOptions,
        string auditTableName, string? auditTableSchema, Action<IMessageFilterConfigurator>? configureFilter)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(dbContextOptions);
        var store = new EntityFrameworkAuditStore(dbContextOptions.Options, auditTableName, auditTableSchema);
        configurator.ConnectSendAuditObservers(store, configureFilter);
        configurator.ConnectConsumeAuditObserver(store, configureFilter);
    }

    /// <summary>Audits the messages that a filter lets through, in the connection's default schema.</summary>
    /// <param name="configurator">The bus.</param>
    /// <param name="dbContextOptions">Options of the DbContext, the connection among them.</param>
    /// <param name="auditTableName">The table; it has to exist.</param>
    /// <param name="configureFilter">Says which messages are kept.</param>
    public static void UseEntityFrameworkCoreAuditStore(this IBusFactoryConfigurator configurator, DbContextOptionsBuilder dbContextOptions,
        string auditTableName, Action<IMessageFilterConfigurator>? configureFilter) =>
        configurator.UseEntityFrameworkCoreAuditStore(dbContextOptions, auditTableName, null, configureFilter);

    /// <summary>Audits all messages.</summary>
    /// <param name="configurator">The bus.</param>
    /// <param name="dbContextOptions">Options of the DbContext, the connection among them.</param>
    /// <param name="auditTableName">The table; it has to exist.</param>
    /// <param name="auditTableSchema">Its schema; null: the connection's default.</param>
    public static void UseEntityFrameworkCoreAuditStore(this IBusFactoryConfigurator configurator, DbContextOptionsBuilder dbContextOptions,
        string auditTableName, string? auditTableSchema = null) =>
        configurator.UseEntityFrameworkCoreAuditStore(dbContextOptions, auditTableName, auditTableSchema, null);
}
