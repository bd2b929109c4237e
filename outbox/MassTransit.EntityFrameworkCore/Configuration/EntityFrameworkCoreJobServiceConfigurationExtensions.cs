using MassTransit.EntityFrameworkCoreIntegration;

namespace MassTransit;

/// <summary>Keeps the sagas behind job consumers in a DbContext.</summary>
public static class EntityFrameworkCoreJobServiceConfigurationExtensions
{
    /// <summary>Keeps them there, with pessimistic concurrency.</summary>
    /// <param name="configurator">The job service.</param>
    /// <param name="contextFactory">Creates the DbContext of one message.</param>
    /// <param name="lockStatementProvider">How rows are locked; null: as the database in use does it.</param>
    public static void UseEntityFrameworkCoreSagaRepository(this IJobServiceConfigurator configurator,
        Func<JobServiceSagaDbContext> contextFactory, ILockStatementProvider? lockStatementProvider = null)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.Repository = EntityFrameworkSagaRepository<JobTypeSaga>.CreatePessimistic(contextFactory, lockStatementProvider);
        configurator.JobRepository = EntityFrameworkSagaRepository<JobSaga>.CreatePessimistic(contextFactory, lockStatementProvider);
        configurator.JobAttemptRepository = EntityFrameworkSagaRepository<JobAttemptSaga>.CreatePessimistic(contextFactory, lockStatementProvider);
    }
}
