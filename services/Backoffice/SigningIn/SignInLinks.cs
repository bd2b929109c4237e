using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OrderSample.Backoffice.Data;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.Backoffice.SigningIn;

/// <summary>What a token is good for.</summary>
internal enum TokenState
{
    /// <summary>Signs one person in.</summary>
    Usable,

    /// <summary>Has done so.</summary>
    Used,

    /// <summary>Was not used in time.</summary>
    Expired,

    /// <summary>Nobody made it.</summary>
    Unknown,
}

/// <summary>A link that was made.</summary>
/// <param name="Token">What it holds; not kept here.</param>
/// <param name="ExpiresAt">Until when it can be used, UTC.</param>
internal sealed record NewLink(string Token, DateTimeOffset ExpiresAt);

/// <summary>Makes links that sign a person in, and takes them, each once.</summary>
internal sealed class SignInLinks(BackofficeDbContext context, IDatabaseProvider database, IOptions<SignInOptions> options, TimeProvider time)
{
    private const int TokenBytes = 32;

    /// <summary>Makes a link.</summary>
    public async Task<NewLink> MakeAsync(PersonRole role, string by, CancellationToken cancellationToken)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var link = Link(Hash(token), role, by);
        context.Add(link);
        await context.SaveChangesAsync(cancellationToken);
        return new NewLink(token, link.ExpiresAt);
    }

    /// <summary>Looks what a token is good for, and leaves it as it is.</summary>
    public async Task<TokenState> LookAsync(string token, CancellationToken cancellationToken)
    {
        var hash = Hash(token);
        var link = await context.SignInLinks.AsNoTracking().SingleOrDefaultAsync(x => x.TokenHash == hash, cancellationToken);
        return link switch
        {
            null => IsFirst(token) ? TokenState.Usable : TokenState.Unknown,
            { UsedAt: not null } => TokenState.Used,
            _ => link.ExpiresAt > time.GetUtcNow() ? TokenState.Usable : TokenState.Expired,
        };
    }

    /// <summary>Uses a token up.</summary>
    /// <returns>What its user may do, or null when it is not usable: of two who try at once, one is too late.</returns>
    public async Task<PersonRole?> UseAsync(string token, string name, CancellationToken cancellationToken)
    {
        var hash = Hash(token);
        if (IsFirst(token))
            await RememberFirstAsync(hash, cancellationToken);

        var now = time.GetUtcNow();
        var used = await context.SignInLinks.Where(x => x.TokenHash == hash && x.UsedAt == null && x.ExpiresAt > now).ExecuteUpdateAsync(
            set => set.SetProperty(x => x.UsedAt, now).SetProperty(x => x.UsedBy, name), cancellationToken);
        return used == 1
            ? await context.SignInLinks.Where(x => x.TokenHash == hash).Select(x => x.Role).SingleAsync(cancellationToken)
            : null;
    }

    private async Task RememberFirstAsync(byte[] hash, CancellationToken cancellationToken)
    {
        if (await context.SignInLinks.AnyAsync(x => x.TokenHash == hash, cancellationToken))
            return;

        try
        {
            context.Add(Link(hash, PersonRole.Operator, "the start"));
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (database.IsUniqueViolation(exception))
        {
            // Somebody else has tried it at the same moment.
            context.ChangeTracker.Clear();
        }
    }

    private SignInLink Link(byte[] hash, PersonRole role, string by) => new()
    {
        TokenHash = hash,
        Role = role,
        MadeBy = by,
        MadeAt = time.GetUtcNow(),
        ExpiresAt = time.GetUtcNow() + options.Value.LinkLifetime,
    };

    private bool IsFirst(string token) =>
        options.Value.Token is { } first && CryptographicOperations.FixedTimeEquals(Hash(token), Hash(first));

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
