namespace OrderSample.Backoffice.Console.Live;

/// <summary>The key of a feed that has one thing to show.</summary>
public readonly record struct Everything;

/// <summary>Registers feeds.</summary>
internal static class LiveExtensions
{
    /// <inheritdoc cref="LiveFeed{TKey, T}"/>
    /// <param name="services">The console's services.</param>
    /// <param name="source">What the data comes from, for people.</param>
    /// <param name="interval">Time between two reads.</param>
    /// <param name="read">Reads it.</param>
    public static void AddLiveFeed<TKey, T>(this IServiceCollection services, string source, TimeSpan interval,
        Func<IServiceProvider, TKey, CancellationToken, Task<T>> read)
        where TKey : notnull
        where T : class =>
        services.AddLiveFeed(_ => source, interval, read);

    /// <inheritdoc cref="LiveFeed{TKey, T}"/>
    /// <param name="services">The console's services.</param>
    /// <param name="source">What the data of a key comes from, for people.</param>
    /// <param name="interval">Time between two reads.</param>
    /// <param name="read">Reads it.</param>
    public static void AddLiveFeed<TKey, T>(this IServiceCollection services, Func<TKey, string> source, TimeSpan interval,
        Func<IServiceProvider, TKey, CancellationToken, Task<T>> read)
        where TKey : notnull
        where T : class =>
        services.AddSingleton(provider => new LiveFeed<TKey, T>(source, interval, read, provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<SourceOutages>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LiveFeed<TKey, T>>>()));
}
