namespace OrderSample.AppHost.Starting;

/// <summary>The link that signs a person in to a service, once.</summary>
/// <param name="Endpoint">Where the service is.</param>
/// <param name="Token">What it was given to know the link by.</param>
internal sealed record SignInLink(EndpointReference Endpoint, ParameterResource Token) : IResourceAnnotation
{
    public async Task<string> UrlAsync(CancellationToken cancellationToken) =>
        $"{Endpoint.Url}/sign-in?token={await Token.GetValueAsync(cancellationToken)}";
}
