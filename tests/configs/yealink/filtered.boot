#!version:1.0.0.1
include:config "everyone.cfg"
[T46S, T23G]include:config t46s.cfg
[T54W]include:config "t54w.cfg"
include:config http://other.example/extra.cfg
