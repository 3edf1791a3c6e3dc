hosts after=files commresolve [!UNAVAIL=return]
