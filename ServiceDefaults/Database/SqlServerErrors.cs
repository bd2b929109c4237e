using System.Collections.Frozen;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>Error numbers of SQL Server that say something about what to do next.</summary>
internal static class SqlServerErrors
{
    /// <summary>A row with this value of a unique index is there already.</summary>
    public const int DuplicateIndexKey = 2601;

    /// <summary>A row with this primary or unique key is there already.</summary>
    public const int DuplicateKey = 2627;

    /// <summary>A row does not pass a check, points to one that does not exist, or was to go while another points to it.</summary>
    public const int Constraint = 547;

    /// <summary>Chosen as the victim of a deadlock.</summary>
    public const int Deadlock = 1205;

    /// <summary>Under snapshot isolation another transaction has changed the row.</summary>
    public const int SnapshotConflict = 3960;

    /// <summary>Errors after which the same work may succeed when it is done again from its start.</summary>
    public static readonly FrozenSet<int> Transient = new[]
    {
        Deadlock,
        SnapshotConflict,
        1222, // a lock was not granted in time
        3928, // the marked transaction was aborted
        -2, // no answer within the command timeout
        1801, // another replica has just created the database
        701, 802, // out of memory for the moment
        8645, 8651, // no memory for the query in time
        4060, 4221, 18401, // the database or the server is starting, or a replica of it not ready
        6005, 17142, // the server is shutting down, or paused
        18456, 18452, // the login is refused, as while a password is changed
        3906, // the database is read-only, as a copy is after a failover
        976, 978, 983, 988, // the availability group's database is changing its role
        10928, 10929, 10936, // Azure SQL: too many at once
        40143, 40197, 40501, 40540, 40613, 49918, 49919, 49920, // Azure SQL: being moved, busy or not available
        41301, 41302, 41305, 41325, 41839, // memory-optimized tables: a conflict with another transaction
    }.ToFrozenSet();
}
