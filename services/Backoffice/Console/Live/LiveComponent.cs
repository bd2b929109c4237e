using Microsoft.AspNetCore.Components;

namespace OrderSample.Backoffice.Console.Live;

/// <summary>A component that shows live data: it is rendered again whenever one of its feeds has something new.</summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private readonly List<IDisposable> _views = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Looks at a feed until the component goes away.</summary>
    /// <typeparam name="TKey">What exactly is looked at.</typeparam>
    /// <typeparam name="T">The data.</typeparam>
    /// <param name="feed">The feed.</param>
    /// <param name="key">What of it.</param>
    /// <param name="instead">The view that this one replaces, because something else is to be shown in its place.</param>
    protected LiveView<T> Watch<TKey, T>(LiveFeed<TKey, T> feed, TKey key, LiveView<T>? instead = null)
        where TKey : notnull
        where T : class
    {
        ArgumentNullException.ThrowIfNull(feed);
        var view = feed.Watch(key, () => _ = InvokeAsync(StateHasChanged));
        _views.Add(view);
        if (instead is not null)
        {
            _views.Remove(instead);
            instead.Dispose();
        }

        return view;
    }

    /// <summary>Ends all looks.</summary>
    /// <param name="disposing">False from a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var view in _views)
            view.Dispose();
        _views.Clear();
    }
}
