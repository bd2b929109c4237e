// Started by dotnet ef only, which looks for the factories in this assembly.
return 0;
