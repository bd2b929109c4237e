using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// The way from a commit to the broker: committed rows are handed over in memory here, so that in the normal case
/// no message is read back from the database. What does not fit stays in its row, for the sweeper.
/// </summary>
/// <remarks>Bounded: at most <see cref="Capacity"/> messages wait in memory, whatever the broker does.</remarks>
internal sealed class OutboxDelivery<TDbContext>
    where TDbContext : DbContext
{
    /// <summary>How many messages may wait in memory.</summary>
    private const int Capacity = 5_000;

    /// <summary>How many of them a sweeper may have claimed: enough for a fraction of a second, and the rest for what is committed just now.</summary>
    private const int ClaimedCapacity = 2_000;

    private readonly Channel<OutboxMessage> _ready = Channel.CreateBounded<OutboxMessage>(Capacity);
    private readonly Channel<long> _uncertain = Channel.CreateBounded<long>(Capacity);

    /// <summary>Rows to deliver, in the order of their commits.</summary>
    public ChannelReader<OutboxMessage> Ready => _ready.Reader;

    /// <summary>Rows that were saved in somebody else's transaction, of which only the database knows whether it was committed.</summary>
    public ChannelReader<long> Uncertain => _uncertain.Reader;

    /// <summary>Room for rows that a sweeper may claim now.</summary>
    public int Room => Math.Max(0, ClaimedCapacity - _ready.Reader.Count);

    /// <summary>Hands over rows that are committed and leased by this process.</summary>
    public void Committed(IReadOnlyList<OutboxMessage> messages)
    {
        // In the order in which they were stored: that is the order in which the application sent them.
        foreach (var message in messages)
        {
            if (!_ready.Writer.TryWrite(message))
                return;
        }
    }

    /// <summary>Hands over rows that may or may not be committed.</summary>
    public void MaybeCommitted(IEnumerable<long> sequenceNumbers)
    {
        foreach (var sequenceNumber in sequenceNumbers)
        {
            if (!_uncertain.Writer.TryWrite(sequenceNumber))
                return;
        }
    }
}
