using System.Reflection;

namespace Aspire.Hosting.Testing;

/// <summary>
/// One run of an app host's entry point for a test: stops it where the application is described and where it is built,
/// so that the test can change the description, and starts and stops the application itself.
/// </summary>
internal sealed class EntryPointRun(Assembly assembly, Action<DistributedApplicationOptions> configure)
{
    private static readonly AsyncLocal<EntryPointRun?> Running = new();

    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DistributedApplicationBuilder? _described;

    /// <summary>The run that the current code is part of; null in a normal start.</summary>
    public static EntryPointRun? Current => Running.Value;

    public Assembly Assembly => assembly;

    /// <summary>The test is over.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Runs the entry point on a thread of its own until it has described the application.</summary>
    public Task<DistributedApplicationBuilder> Describe(string[] args)
    {
        var thread = new Thread(() => Run(args)) { IsBackground = true, Name = "app host under test" };
        thread.Start();
        return _builder.Task;
    }

    /// <summary>Lets the entry point build the application.</summary>
    public Task<DistributedApplication> Build()
    {
        _mayBuild.TrySetResult();
        return _application.Task;
    }

    public void End()
    {
        _mayBuild.TrySetResult();
        _ended.TrySetResult();
    }

    public void OnBuilderCreating(DistributedApplicationOptions options) => configure(options);

    // The description goes on after this, until Build; what the test gets is complete only there.
    public void OnBuilderCreated(DistributedApplicationBuilder builder) => _described = builder;

    public void OnBuilding()
    {
        _builder.TrySetResult(_described!);
        _mayBuild.Task.GetAwaiter().GetResult();
    }

    public void OnBuilt(DistributedApplication application) => _application.TrySetResult(application);

    private void Run(string[] args)
    {
        Running.Value = this;
        try
        {
            var entryPoint = assembly.EntryPoint ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no entry point.");
            entryPoint.Invoke(null, entryPoint.GetParameters().Length == 0 ? null : [args]);
            Fail(new InvalidOperationException($"{assembly.GetName().Name} ended without building an application."));
        }
        catch (TargetInvocationException exception)
        {
            Fail(exception.InnerException ?? exception);
        }
        catch (InvalidOperationException exception)
        {
            Fail(exception);
        }
    }

    private void Fail(Exception exception)
    {
        _builder.TrySetException(exception);
        _application.TrySetException(exception);
    }
}
