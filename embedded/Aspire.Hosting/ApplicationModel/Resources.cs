namespace Aspire.Hosting.ApplicationModel;

/// <summary>A program started as a process of this machine.</summary>
public class ExecutableResource : Resource, IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>Creates the resource.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="command">The program: a path, or a name looked up in PATH.</param>
    /// <param name="workingDirectory">The process's working directory, absolute.</param>
    public ExecutableResource(string name, string command, string workingDirectory) : base(name)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        ArgumentNullException.ThrowIfNull(workingDirectory);
        Command = command;
        WorkingDirectory = workingDirectory;
    }

    /// <summary>The program: a path, or a name looked up in PATH.</summary>
    public string Command { get; }

    /// <summary>The process's working directory.</summary>
    public string WorkingDirectory { get; }
}

/// <summary>A .NET project of this solution.</summary>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

/// <summary>A server that Aspire runs in a container. This build has no containers: the server's local installation is run instead.</summary>
public class ContainerResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport;

/// <summary>How many copies of a resource run.</summary>
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>The number of copies.</summary>
    public int Replicas { get; } = replicas;
}

/// <summary>The process is not started with the application, but by its start command.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>A relation between two resources, for display.</summary>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Reference, WaitFor or Parent.</summary>
    public string Type { get; } = type;
}

/// <summary>Names a health check, registered in the application's services, that tells whether the resource works.</summary>
public sealed class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>The registration's name.</summary>
    public string Key { get; } = key;
}
