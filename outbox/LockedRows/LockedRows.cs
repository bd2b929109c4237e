using System.Diagnostics.CodeAnalysis;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Rows that a transaction has looked for and locked before its messages are consumed, so that none of them has to ask for
/// its own. It knows of those that were not there, too.
/// </summary>
public sealed class LockedRows
{
    private readonly Dictionary<(Type Type, object Key), object?> _rows = [];
    private readonly HashSet<object> _locked = new(ReferenceEqualityComparer.Instance);

    /// <summary>Notes a row that is locked.</summary>
    /// <typeparam name="T">The entity.</typeparam>
    /// <param name="key">Its key.</param>
    /// <param name="row">The tracked entity; null: there is none.</param>
    public void Set<T>(object key, T? row)
        where T : class
    {
        Keep(key, row);
        if (row is not null)
            _locked.Add(row);
    }

    /// <summary>Whether a row was looked for.</summary>
    /// <typeparam name="T">The entity.</typeparam>
    /// <param name="key">Its key.</param>
    /// <param name="row">The tracked entity, or null if there is none.</param>
    /// <returns>False: the database has to be asked.</returns>
    public bool TryGet<T>(object key, [MaybeNull] out T row)
        where T : class
    {
        var known = _rows.TryGetValue((typeof(T), key), out var found);
        row = found as T;
        return known;
    }

    /// <summary>Notes a row that is as it is saved at the end, locked or not, for the next message in the same transaction.</summary>
    /// <typeparam name="T">The entity.</typeparam>
    /// <param name="key">Its key.</param>
    /// <param name="row">The tracked entity; null: there is none any more.</param>
    internal void Keep<T>(object key, T? row)
        where T : class =>
        _rows[(typeof(T), key)] = row;

    /// <summary>Whether the row of an entity was locked beforehand, so that nobody else can change or delete it.</summary>
    /// <param name="entity">A tracked entity.</param>
    public bool Holds(object entity) => _locked.Contains(entity);

    /// <summary>Forgets all, at the beginning of a transaction.</summary>
    public void Clear()
    {
        _rows.Clear();
        _locked.Clear();
    }
}
