using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Writes the statements that read rows and lock them until the end of the transaction.</summary>
public interface ILockStatementProvider
{
    /// <summary>The statement that reads and locks the row of a saga; {0} stands for its CorrelationId.</summary>
    /// <typeparam name="T">The saga's type.</typeparam>
    /// <param name="context">The DbContext whose model names table and columns.</param>
    string GetRowLockStatement<T>(DbContext context)
        where T : class;

    /// <summary>The statement that reads and locks the rows with given values; {0}, {1}, ... stand for them.</summary>
    /// <typeparam name="T">The entity's type.</typeparam>
    /// <param name="context">The DbContext whose model names table and columns.</param>
    /// <param name="propertyNames">The properties to compare.</param>
    string GetRowLockStatement<T>(DbContext context, params string[] propertyNames)
        where T : class;

    /// <summary>The statement that takes the oldest delivery cursor nobody else holds.</summary>
    /// <param name="context">The DbContext whose model names table and columns.</param>
    string GetOutboxStatement(DbContext context);
}
