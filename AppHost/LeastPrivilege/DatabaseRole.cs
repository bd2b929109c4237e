using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace OrderSample.AppHost.LeastPrivilege;

/// <summary>A service's role: it owns its database, and no other role but the administrator's can connect to that.</summary>
internal sealed class DatabaseRole(IResourceWithConnectionString database, string name, ParameterResource password)
{
    private const int Iterations = 4096;
    private const int SaltLength = 16;

    // Roles and databases are shared by the whole server, which refuses to change one of them twice at a time.
    private static readonly SemaphoreSlim OneAtATime = new(1);

    /// <summary>Makes the role, or changes it to what it is to be.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        var connectionString = await database.GetConnectionStringAsync(cancellationToken);
        var verifier = Verifier((await password.GetValueAsync(cancellationToken))!);
        await OneAtATime.WaitAsync(cancellationToken);
        try
        {
            await using var administrator = new NpgsqlConnection($"{connectionString};Pooling=false");
            await administrator.OpenAsync(cancellationToken);
            await using var make = new NpgsqlCommand(Statements(verifier), administrator);
            await make.ExecuteNonQueryAsync(cancellationToken);
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    private string Statements(string verifier) =>
        $"""
        DO $do$
        DECLARE
            made text;
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN
                CREATE ROLE "{name}";
            END IF;
            ALTER ROLE "{name}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD '{verifier}';
            ALTER DATABASE "{database.Name}" OWNER TO "{name}";
            REVOKE ALL ON DATABASE "{database.Name}" FROM PUBLIC;
            REVOKE ALL ON DATABASE postgres FROM PUBLIC;
            -- Of data from before there were roles.
            FOR made IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public' AND tableowner <> '{name}' LOOP
                EXECUTE 'ALTER TABLE ' || made || ' OWNER TO "{name}"';
            END LOOP;
        END
        $do$
        """;

    /// <summary>What the server stores of a password (RFC 5803). A statement may end up in a log; this one gives nothing away.</summary>
    private static string Verifier(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, Encoding.ASCII.GetBytes("Client Key")));
        var server = HMACSHA256.HashData(salted, Encoding.ASCII.GetBytes("Server Key"));
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }
}
