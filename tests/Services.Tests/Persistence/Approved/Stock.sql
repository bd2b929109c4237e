-- Products are locked
-- @wanted1 NVarChar(64), @wanted2 NVarChar(64), @wanted3 NVarChar(64)
SELECT [o].[Sku], [o].[Name], [o].[OnHand], [o].[Reserved]
FROM (
    SELECT * FROM [Products] WITH (UPDLOCK, ROWLOCK)
) AS [o]
WHERE [o].[Sku] IN (@wanted1, @wanted2, @wanted3)
ORDER BY [o].[Sku]

-- A reservation is locked
-- p0 UniqueIdentifier
SELECT TOP(2) [o].[OrderId], [o].[CreatedAt], [o].[Lines], [o].[Shortages], [o].[Status], [o].[UpdatedAt]
FROM (
    SELECT * FROM [Reservations] WITH (UPDLOCK, ROWLOCK) WHERE [OrderId] = @p0
) AS [o]
